import type { Dictionary } from '../english.ts'

export const changes: Dictionary['changes'] = {
  title: '变更',
  verdict: '控制台看到的集群变化，最新在前。',
  all: '全部',
  kinds: { broker: 'Broker', topic: '主题', group: '消费组', cluster: '集群' },
  when: '时间',
  what: '变化',
  who: '操作者',
  emptyTitle: '还没有变化',
  emptyDetail: 'Leader 移动、broker 离开、主题和消费组的出现与消失都会显示在这里。',
}
