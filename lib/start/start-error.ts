/** What was found at the start makes it impossible; the message is one sentence for the person at the terminal. */
export class StartError extends Error {}
