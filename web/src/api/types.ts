/** Short names for the shapes of the API; the shapes themselves are generated from the server. */
import type { components } from './schema.gen'

type Schemas = components['schemas']

/** One value an hour; null where there is none. */
export type Series = (number | null)[]

export type Area = Schemas['Area']
export type About = Schemas['About']
export type AqiTable = Schemas['Edition']
export type Category = Schemas['Category']
export type City = Schemas['City']
export type CityDay = Schemas['CityDay']
export type CityRow = Schemas['CityRow']
export type Feed = Schemas['Feed']
export type FlaggedValue = Schemas['FlagRow']
export type Forecast = Schemas['CityForecast']
export type ForecastDay = Schemas['Day']
export type ImportRow = Schemas['ImportLine']
export type LimitTable = Schemas['LimitSet']
export type MatrixRow = Schemas['MatrixRow']
export type Outage = Schemas['Outage']
export type Pending = Schemas['Pending']
export type ProblemBody = Schemas['Problem']
export type Proposal = Schemas['Proposal']
export type Quantiles = Schemas['IndexBands']
export type SiteRow = Schemas['SiteRow']
export type Situation = Schemas['Situation']
export type SourceOf = Schemas['SourceOf']
export type Stamp = Schemas['Stamp']
export type Status = Schemas['Status']
export type WarnCity = Schemas['CityProposal']
