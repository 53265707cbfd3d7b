import {
  IconBell,
  IconFileText,
  IconHistory,
  IconLayoutDashboard,
  IconServer2,
  IconStack2,
  IconUsersGroup,
} from '@tabler/icons-react'
import type { PageName } from '../../../lib/web/links.ts'

/** The pages of a cluster in the rail's order, with the key that goes there after `g`. */
export const pages: readonly { name: PageName; key: string; Icon: typeof IconBell }[] = [
  { name: 'overview', key: 'o', Icon: IconLayoutDashboard },
  { name: 'topics', key: 't', Icon: IconStack2 },
  { name: 'groups', key: 'g', Icon: IconUsersGroup },
  { name: 'brokers', key: 'b', Icon: IconServer2 },
  { name: 'records', key: 'r', Icon: IconFileText },
  { name: 'alerts', key: 'a', Icon: IconBell },
  { name: 'changes', key: 'c', Icon: IconHistory },
]
