import { isPortFree } from './is-port-free.ts'
import { StartError } from './start-error.ts'

const portDefault = 9092
/** How many blocks are looked at when the default one is taken. */
const blocksTried = 20

/** The first of a block of free ports: the controller's just below, then the brokers'. Throws `StartError`. */
export async function chooseKafkaPort(asked: number | undefined, brokers: number): Promise<number> {
  const takenOf = async (first: number) => {
    for (let port = first - 1; port < first + brokers; port++) if (!(await isPortFree(port, '127.0.0.1'))) return port
    return undefined
  }
  if (asked !== undefined) {
    const taken = await takenOf(asked)
    if (taken === undefined) return asked
    throw new StartError(
      `Port ${taken} is in use, and EYRIE_KAFKA_PORT=${asked} needs ${asked - 1} to ${asked + brokers - 1}.`,
    )
  }
  for (let i = 0, port = portDefault; i < blocksTried; i++, port += brokers + 1) {
    if ((await takenOf(port)) === undefined) return port
  }
  throw new StartError(`No free block of ports was found from ${portDefault} on: set EYRIE_KAFKA_PORT.`)
}
