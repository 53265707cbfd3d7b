import { type Acting, withAudit } from '../acting.ts'
import { awaitRound } from '../cluster-handle.ts'
import { requireRole } from '../require-role.ts'
import { requireBroker } from './require-broker.ts'
import { requireProcesses } from './require-processes.ts'

/** Starts the process of a broker of the embedded cluster that was stopped. */
export async function startBroker(acting: Acting, id: number): Promise<void> {
  const { user, cluster } = acting
  requireRole(user, 'admin')
  const processes = requireProcesses(cluster)
  const { isOnline } = requireBroker(cluster, id)
  const act = { action: 'startBroker', subject: `${id}`, before: { isOnline }, after: { isOnline: true } }
  cluster.monitor.claimChange('brokerUp', `${id}`, user.email)
  await withAudit(acting, act, () => processes.startBroker(id))
  await awaitRound(cluster)
}
