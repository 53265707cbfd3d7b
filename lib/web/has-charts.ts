/** Whether the screen at an address below a cluster draws anything over time, so that the range means something there. */
export function hasCharts(pathname: string, tab: string): boolean {
  const [page, name] = pathname.split('/').slice(3)
  switch (page) {
    case undefined:
    case 'brokers':
      return true
    case 'groups':
      return name !== undefined
    case 'topics':
      return name !== undefined && name !== 'new' && (tab === '' || tab === 'partitions')
    default:
      return false
  }
}
