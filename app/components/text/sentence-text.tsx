'use client'

import Link from 'next/link'
import type { Sentence } from '../../../lib/format/sentence.ts'
import { subjectHref } from '../../../lib/web/links.ts'
import { useCluster } from '../../../lib/web/use-cluster.ts'

export function SentenceText({ sentence }: { sentence: Sentence }) {
  const cluster = useCluster()
  return sentence.map((piece, index) => {
    const key = `${index}${piece.text}`
    if (piece.subject !== undefined) {
      return (
        <Link key={key} href={subjectHref(cluster, piece.subject)} prefetch={false}>
          {piece.text}
        </Link>
      )
    }
    return piece.strong ? <strong key={key}>{piece.text}</strong> : <span key={key}>{piece.text}</span>
  })
}
