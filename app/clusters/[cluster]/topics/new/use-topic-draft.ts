'use client'

import { useEffect, useState } from 'react'
import { emptyDraft, type TopicDraft } from './topic-draft.ts'

/** What was typed survives a reload and an error; it is forgotten with the tab, or when the topic exists. */
export function useTopicDraft(cluster: string) {
  const key = `eyrie:new-topic:${cluster}`
  const [draft, setDraft] = useState<TopicDraft>(emptyDraft)
  const [isRestored, setIsRestored] = useState(false)
  useEffect(() => {
    const kept = sessionStorage.getItem(key)
    if (kept === null) return
    setDraft({ ...emptyDraft, ...(JSON.parse(kept) as Partial<TopicDraft>) })
    setIsRestored(true)
  }, [key])
  const change = (changed: Partial<TopicDraft>) => {
    const next = { ...draft, ...changed }
    sessionStorage.setItem(key, JSON.stringify(next))
    setDraft(next)
  }
  const forget = () => {
    sessionStorage.removeItem(key)
    setIsRestored(false)
    setDraft(emptyDraft)
  }
  return { draft, change, forget, isRestored }
}
