/** As Node's own, with what tells it apart. */
export function systemError(code: string, syscall: string, path = ''): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall })
}
