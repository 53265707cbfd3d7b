import type { OpenAPIHono } from '@hono/zod-openapi'
import { groupDetail, groupsList } from '../../contract/group.ts'
import type { ApiContext, ApiEnvironment } from '../api-context.ts'
import { addDocumentRoute } from '../document-route.ts'

export function addGroupRoutes(app: OpenAPIHono<ApiEnvironment>, context: ApiContext): void {
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/groups',
    summary: 'All consumer groups',
    answer: groupsList,
    resource: () => 'groups',
  })
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/groups/{group}',
    summary: 'One group with its members and positions',
    answer: groupDetail,
    resource: ({ group = '' }) => `groups/${encodeURIComponent(group)}`,
  })
}
