/** The `source` of the gateway's events, a CloudEvents URI reference. */
export const EVENT_SOURCE = "/services/gateway";
