/** As the installations that are measured have them. */
export const PARTITIONS = 12;
