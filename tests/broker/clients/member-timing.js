/** As short as the suites' brokers allow: a member that died is missed soon. */
export const sessionMs = 3_000
export const heartbeatMs = 300
