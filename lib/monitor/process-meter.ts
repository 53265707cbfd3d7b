import type { ProcessUsage } from './series-samples.ts'

/** What this process uses, from one reading to the next. */
export class ProcessMeter {
  #cpu = process.cpuUsage()

  read(): ProcessUsage {
    const { user, system } = process.cpuUsage(this.#cpu)
    this.#cpu = process.cpuUsage()
    return { rssBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 }
  }
}
