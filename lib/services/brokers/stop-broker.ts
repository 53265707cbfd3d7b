import { type Acting, withAudit } from '../acting.ts'
import { awaitRound } from '../cluster-handle.ts'
import { requireRole } from '../require-role.ts'
import { requireBroker } from './require-broker.ts'
import { requireProcesses } from './require-processes.ts'

/** Stops the process of a broker of the embedded cluster; it stays stopped until it is started again. */
export async function stopBroker(acting: Acting, id: number): Promise<void> {
  const { user, cluster } = acting
  requireRole(user, 'admin')
  const processes = requireProcesses(cluster)
  const { isOnline } = requireBroker(cluster, id)
  const act = { action: 'stopBroker', subject: `${id}`, before: { isOnline }, after: { isOnline: false } }
  cluster.monitor.claimChange('brokerDown', `${id}`, user.email)
  await withAudit(acting, act, () => processes.stopBroker(id))
  await awaitRound(cluster)
}
