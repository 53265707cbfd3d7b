import type { GroupProgress } from '../../../../../lib/contract/group.ts'
import type { Health } from '../../../../../lib/contract/scalars.ts'

/** One partition alone is never critical: no record is lost yet. */
export function progressHealth(progress: GroupProgress): Health {
  switch (progress) {
    case 'keepingUp':
    case 'catchingUp':
      return 'ok'
    case 'fallingBehind':
    case 'stuck':
    case 'stopped':
      return 'atRisk'
    case 'idle':
    case 'notCommitting':
    case 'unknown':
      return 'unknown'
  }
}
