import type { GroupCoordinator } from '../../group/coordinator.ts'
import { heartbeatFailure } from '../../group/share/share-heartbeat.ts'
import { errorCodes, errorName } from '../../protocol/errors.ts'
import { shareGroupHeartbeat } from '../../protocol/messages/76-share-group-heartbeat.ts'
import type { ShareGroupSettings } from '../../share/share-group-settings.ts'
import { type Handler, handler } from '../handler.ts'

/* Version 1. A new member gets its partitions with its first heartbeat, where Apache Kafka lets it wait for the second. */

export function shareGroupHeartbeatHandler(groups: GroupCoordinator, shareGroups: ShareGroupSettings): Handler {
  return handler(shareGroupHeartbeat, async (request, { access, clientId, clientHost }) => {
    const { groupId, subscribedTopicNames } = request
    const refuse = (code: Parameters<typeof heartbeatFailure>[0]) => {
      return { throttleTimeMs: 0, ...heartbeatFailure(code, errorName(code)) }
    }
    if (!groups.metadata.image.features.get('share.version')) return refuse(errorCodes.UNSUPPORTED_VERSION)
    if (!access.allows('read', 'group', groupId)) return refuse(errorCodes.GROUP_AUTHORIZATION_FAILED)
    if (subscribedTopicNames?.some((topic) => !access.allows('describe', 'topic', topic))) {
      return refuse(errorCodes.TOPIC_AUTHORIZATION_FAILED)
    }
    const partition = groups.route(groupId)
    if (typeof partition === 'number') return refuse(partition)
    const answer = await partition.share.heartbeat(request, {
      clientId: clientId ?? '',
      clientHost,
      membersMax: groups.settings.groupShareMaxSize,
      heartbeatIntervalMs: shareGroups.of(groupId).shareHeartbeatIntervalMs,
    })
    return { throttleTimeMs: 0, ...answer }
  })
}
