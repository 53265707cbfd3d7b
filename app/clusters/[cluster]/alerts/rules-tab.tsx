'use client'

import { useQuery } from '@tanstack/react-query'
import { alertRulesQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { RuleEditor } from './rule-editor.tsx'

export function RulesTab() {
  const words = useWords().alerts
  const query = useQuery(alertRulesQuery())
  return (
    <Section query={query} subject={words.tabs.rules}>
      {query.data === undefined && query.error === null && <SkeletonRows rows={3} height={64} />}
      {query.data?.rules.map((rule) => (
        <RuleEditor key={rule.id} rule={rule} />
      ))}
    </Section>
  )
}
