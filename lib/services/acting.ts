import type { SessionUser } from '../contract/session.ts'
import type { ClusterHandle } from './cluster-handle.ts'

/** What an act leaves behind: who, what, the values before and after, and why it was refused. */
export interface AuditRow {
  readonly user: SessionUser
  readonly action: string
  readonly clusterId: string
  readonly subject: string
  readonly before: unknown
  readonly after: unknown
  readonly error: string | null
}

/** Who acts on which cluster. */
export interface Acting {
  readonly user: SessionUser
  readonly cluster: ClusterHandle
  readonly writeAudit: (row: AuditRow) => Promise<void>
}

/** Does it and writes the audit row, also when the cluster refuses. */
export async function withAudit<T>(
  { user, cluster, writeAudit }: Acting,
  act: { action: string; subject: string; before: unknown; after: unknown },
  run: () => Promise<T>,
): Promise<T> {
  const row = { user, clusterId: cluster.monitor.cluster.id, ...act }
  let result: T
  try {
    result = await run()
  } catch (error) {
    await writeAudit({ ...row, error: error instanceof Error ? error.message : String(error) })
    throw error
  }
  await writeAudit({ ...row, error: null })
  return result
}
