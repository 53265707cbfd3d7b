/** Not known, and why. Never zero instead. */
export function Unknown({ reason }: { reason: string }) {
  return (
    <span className="quiet" title={reason}>
      –
    </span>
  )
}
