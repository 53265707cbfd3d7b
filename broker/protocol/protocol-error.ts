/** Bytes from outside that are not what the protocol says. The only error a decoder throws, whatever it is fed. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}
