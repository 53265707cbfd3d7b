import Link from 'next/link'
import classes from './name-link.module.css'

interface NameLinkProps {
  name: string
  href: string
}

/** How many characters at the end stay visible: names of one family differ there. */
const tailLength = 8

/** A Kafka name in a list: when it does not fit, its middle goes; the whole on hover. */
export function NameLink({ name, href }: NameLinkProps) {
  const cut = Math.max(0, name.length - tailLength)
  return (
    <Link href={href} prefetch={false} className={classes.name} title={name} aria-label={name} data-row-link>
      <span className={classes.start}>{name.slice(0, cut)}</span>
      <span className={classes.tail}>{name.slice(cut)}</span>
    </Link>
  )
}
