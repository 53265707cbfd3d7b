/** Kafka's answer where a client did not ask what it is authorized to do. */
export const operationsNotAsked = -2147483648
