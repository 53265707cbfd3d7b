/** As short as the suites' brokers allow: a member that died is missed soon. */
export const sessionMs = 1_500
export const heartbeatMs = 300
