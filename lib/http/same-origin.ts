/**
 * Whether a page of `origin` is ours: it was served under the name that this request was sent to, or under the public
 * address.
 */
export function createSameOrigin(publicUrl: string | undefined): (origin: string, host: string) => boolean {
  const publicOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin
  return (origin, host) => {
    if (!URL.canParse(origin)) return false
    const url = new URL(origin)
    return url.origin === publicOrigin || ((url.protocol === 'http:' || url.protocol === 'https:') && url.host === host)
  }
}
