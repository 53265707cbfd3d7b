export const changes = {
  title: 'Changes',
  verdict: 'What changed in this cluster, as far as the console saw it: newest first.',
  all: 'All',
  kinds: { broker: 'Brokers', topic: 'Topics', group: 'Groups', cluster: 'Cluster' },
  when: 'When',
  what: 'What',
  who: 'By',
  emptyTitle: 'Nothing has changed yet',
  emptyDetail: 'Leaders that move, brokers that leave, topics and groups that come and go appear here.',
}
