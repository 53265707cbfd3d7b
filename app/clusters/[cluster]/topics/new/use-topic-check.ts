'use client'

import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { checkTopic } from '../../../../../lib/web/acts.ts'
import { type TopicDraft, toCreateTopicInput } from './topic-draft.ts'

const typingPauseMs = 400

/** The cluster's own validate-only, asked when typing pauses and the draft has no fault that we know ourselves. */
export function useTopicCheck(cluster: string, draft: TopicDraft, isSound: boolean) {
  const [settled] = useDebouncedValue(draft, typingPauseMs)
  const isCurrent = settled === draft
  const check = useQuery({
    queryKey: ['topic-check', cluster, settled],
    queryFn: ({ signal }) => checkTopic(cluster, toCreateTopicInput(settled), signal),
    enabled: isSound && isCurrent,
    staleTime: 10_000,
    retry: false,
  })
  return {
    check: isSound && isCurrent ? check.data : undefined,
    isAsking: isSound && (!isCurrent || check.isFetching),
    problem: check.error,
  }
}
