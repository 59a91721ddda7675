import { address, read, type Outcome } from './client'
import type { Analogs, Episodes, ForecastModel, ForecastTable, RunChanges, Scorecards, Verification } from './types'

export interface VerificationFilter {
  from?: string
  to?: string
  by?: string
  of?: string
  pollutant?: string
  lead?: string
}

/** Runs of the forecast, what they say of episodes, and how good they were. `issue` left out means the run shown. */
export const forecastsApi = {
  table: (issue?: string): Promise<Outcome<ForecastTable>> => read('/forecasts', { issue }),
  changes: (issue?: string): Promise<Outcome<RunChanges>> => read('/forecasts/changes', { issue }),
  models: (): Promise<Outcome<{ items: ForecastModel[] }>> => read('/forecasts/models'),
  episodes: (issue?: string): Promise<Outcome<Episodes>> => read('/episodes', { issue }),
  analogs: (issue?: string, count = 5): Promise<Outcome<Analogs>> => read('/analogs', { issue, count }),
  verification: (filter: VerificationFilter): Promise<Outcome<Verification>> => read('/verification', { ...filter }),
  scorecards: (month: string): Promise<Outcome<Scorecards>> => read('/scorecards', { month }),
  tableAddress: (format: 'csv' | 'xlsx', issue?: string) => address('/forecasts', { issue, format }),
}
