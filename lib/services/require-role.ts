import type { Role, SessionUser } from '../contract/session.ts'
import { ServiceError } from './service-error.ts'

const ranks: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

/** Throws `forbidden` unless the user holds `role` or a higher one. */
export function requireRole(user: SessionUser, role: Role): void {
  if (ranks[user.role] >= ranks[role]) return
  throw new ServiceError('forbidden', `This needs the role ${role}; you are signed in as ${user.role}.`)
}
