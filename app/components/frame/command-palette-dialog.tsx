'use client'

import '@mantine/spotlight/styles.layer.css'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { brokerHref, groupHref, pageHref, topicHref } from '../../../lib/web/links.ts'
import { brokersQuery, groupsQuery, topicsQuery } from '../../../lib/web/queries.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './command-palette-dialog.module.css'
import { pages } from './pages.ts'

interface CommandPaletteDialogProps {
  cluster: string
  onClose: () => void
}

interface Place {
  kind: string
  label: string
  href: string
  isName: boolean
}

const shownMax = 12

/** Goes to any topic, group, broker or page by a part of its name. */
export function CommandPaletteDialog({ cluster, onClose }: CommandPaletteDialogProps) {
  const words = useWords().frame
  const router = useRouter()
  const [[store, spotlight]] = useState(createSpotlight)
  const [query, setQuery] = useState('')
  const places = usePlaces(cluster)
  useEffect(() => spotlight.open(), [spotlight])
  const found = findPlaces(places, query).slice(0, shownMax)
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
      yOffset="14vh"
      centered={false}
      closeOnActionTrigger
    >
      <Spotlight.Search placeholder={words.searchPlaceholder} />
      <Spotlight.ActionsList>
        {found.map((place) => (
          <Spotlight.Action key={place.href} onClick={() => router.push(place.href)} className={classes.place}>
            <span className={place.isName ? 'mono' : undefined}>{place.label}</span>
            <span className={classes.kind}>{place.kind}</span>
          </Spotlight.Action>
        ))}
        {found.length === 0 && <Spotlight.Empty>{words.searchNothing}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

function usePlaces(cluster: string): Place[] {
  const words = useWords().frame
  const topics = useQuery(topicsQuery(cluster)).data?.topics ?? []
  const groups = useQuery(groupsQuery(cluster)).data?.groups ?? []
  const brokers = useQuery(brokersQuery(cluster)).data?.brokers ?? []
  return [
    ...pages.map(({ name }) => ({
      kind: words.page,
      label: words[name],
      href: pageHref(cluster, name),
      isName: false,
    })),
    ...topics.map(({ name }) => ({ kind: words.topic, label: name, href: topicHref(cluster, name), isName: true })),
    ...groups.map(({ id }) => ({ kind: words.group, label: id, href: groupHref(cluster, id), isName: true })),
    ...brokers.map(({ id, host, port }) => ({
      kind: words.broker,
      label: `${id} ${host}:${port}`,
      href: brokerHref(cluster, id),
      isName: true,
    })),
  ]
}

/** Names that begin with what was typed come before those that only contain it. */
function findPlaces(places: Place[], query: string): Place[] {
  const typed = query.trim().toLowerCase()
  if (typed === '') return places
  const matching = places.filter((place) => place.label.toLowerCase().includes(typed))
  const begins = (place: Place) => (place.label.toLowerCase().startsWith(typed) ? 0 : 1)
  return matching.sort((a, b) => begins(a) - begins(b))
}
