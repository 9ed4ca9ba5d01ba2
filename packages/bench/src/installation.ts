// What the benchmarked gateways and those who load them have to agree on.
export const PARTITIONS = 12;
export const LIST = "bench";
export const SECRET = "a secret for benchmarks only";
