/** Short names for the shapes of the API; the shapes themselves are generated from the server. */
import type { components } from './schema.gen'

type Schemas = components['schemas']

/** An answer as it comes: every field is there, `null` where there is nothing. The schema calls such fields optional. */
export type Told<T> = T extends readonly (infer One)[]
  ? Told<One>[]
  : T extends object
    ? { [Key in keyof T]-?: Told<Exclude<T[Key], undefined>> }
    : T

/** One value an hour; null where there is none. */
export type Series = (number | null)[]

export type About = Schemas['About']
export type Account = Schemas['AccountDetail']
export type AccountRow = Schemas['AccountLine']
export type AqiTable = Schemas['Edition']
export type Area = Schemas['Area']
export type Attachment = Schemas['AttachmentView']
export type AuditRecord = Schemas['RecordLine']
export type CalendarYear = Schemas['CalendarYear']
export type Category = Schemas['Category']
export type ChainState = Schemas['ChainLine']
export type City = Schemas['City']
export type CityDay = Schemas['CityDay']
export type CityRow = Schemas['CityRow']
export type Counts = Schemas['Counts']
export type Delegation = Schemas['DelegationLine']
export type Delivery = Schemas['DeliveryLine']
export type DemoAccount = Schemas['DemoAccount']
export type Explanation = Schemas['Explanation']
export type Feed = Schemas['Feed']
export type FlaggedValue = Schemas['FlagRow']
export type Forecast = Schemas['CityForecast']
export type ForecastDay = Schemas['Day']
export type Grant = Schemas['GrantLine']
export type HistoryRow = Schemas['HistoryLine']
export type ImportReport = Schemas['Imported']
export type ImportRow = Schemas['ImportLine']
export type Job = Schemas['JobLine']
export type LimitTable = Schemas['LimitSet']
export type LoginOptions = Schemas['Welcome']
export type MatrixRow = Schemas['MatrixRow']
export type Matter = Schemas['MatterDetail']
export type Action = Schemas['ActionLine']
export type MatterRow = Schemas['MatterLine']
export type Me = Schemas['Me']
export type Named = Schemas['Named']
export type NewToken = Schemas['NewToken']
export type Notice = Schemas['Notice']
export type NoticeWishes = Schemas['Wanted']
export type OneTime = Schemas['OneTime']
export type Organisation = Schemas['OrganisationLine']
export type Outage = Schemas['Outage']
export type Pending = Schemas['Pending']
export type ProblemBody = Schemas['Problem']
export type Proposal = Schemas['Proposal']
export type Quantiles = Schemas['IndexBands']
export type Role = Schemas['RoleLine']
export type SessionRow = Schemas['SessionLine']
export type Shown = Schemas['Shown']
export type SiteRow = Schemas['SiteRow']
export type Situation = Schemas['Situation']
export type SourceOf = Schemas['SourceOf']
export type Stamp = Schemas['Stamp']
export type Status = Schemas['Status']
export type Suggestion = Schemas['Suggested']
export type Timer = Schemas['TimerLine']
export type TokenRow = Schemas['TokenLine']
export type TotpSecret = Schemas['NewSecret']
export type TrialResult = Schemas['TrialResult']
export type WarnCity = Schemas['CityProposal']

/** Settings of a channel: their fields follow the kind, and the server checks them. */
export type ChannelSettings = { kind: string } & Record<string, unknown>
export type Channel = Omit<Schemas['ChannelLine'], 'settings'> & { settings: ChannelSettings | null }
/** The placeholders of a message with an example each are not described further by the server. */
export type Template = Shown & { id: string; values: Record<string, string> }

/** Forecasts, episodes, verification. */
export type CityForecastRow = Omit<Told<Schemas['CityProducts']>, 'code'> & { code: string }
export type ForecastTable = Omit<Told<Schemas['Products']>, 'cities'> & { cities: CityForecastRow[] }
export type CityForecastDay = CityForecastRow['days'][number]
/** An index or a share, a day, or levels; what it is stands in `what`. */
type ChangeFigure = number | string | number[] | null
export type RunChange = Omit<Told<Schemas['Difference']>, 'from' | 'to'> & { from: ChangeFigure; to: ChangeFigure }
export type RunChanges = Omit<Told<Schemas['Changes']>, 'changes'> & { changes: RunChange[] }
export type ForecastModel = Told<Schemas['ModelItem']>
export type ModelScore = ForecastModel['scores'][number]
export type Episodes = Told<Schemas['Episodes']>
export type ObservedEpisode = Told<Schemas['ObservedEpisode']>
export type ForecastEpisode = Told<Schemas['ForecastEpisode']>
export type DaySpread = Told<Schemas['Days']> | Told<Schemas['Ends']>
export type Analogs = Told<Schemas['Analogs']>
export type Analog = Analogs['items'][number]
export type Verification = Told<Schemas['Verification']>
export type ScoreGroup = Told<Schemas['Group']>
export type RangeScores = Told<Schemas['Index']>
export type EventScores = Told<Schemas['Event']>
export type Interval = Told<Schemas['Bounded']>
export type Scorecards = Told<Schemas['Scorecards']>

/** Consultations. */
export type RoomLine = Told<Schemas['RoomLine']>
export type RoomState = RoomLine['state']
export type RoomKind = RoomLine['kind']
export type RoomDetail = Told<Schemas['RoomDetail']>
export type RoomInside = Told<Schemas['Inside']>
export type RoomMaterial = Told<Schemas['MaterialView']>
export type CityMaterial = RoomMaterial['cities'][number]
export type CallBody = Told<Schemas['CallBody']>
export type CallView = Told<Schemas['CallView']>
export type Confidence = CallView['confidence']
export type Bid = Told<Schemas['BidView']>
export type Prefilled = Told<Schemas['PrefilledView']>
export type Weight = Told<Schemas['WeightLine']>
export type Remark = Told<Schemas['RemarkLine']>
export type Conclusion = Told<Schemas['ConclusionView']>
export type GuestLine = Told<Schemas['GuestLine']>
export type GuestMade = Told<Schemas['GuestMade']>
export type GuestRoom = Told<Schemas['GuestRoom']>
export type Tempo = Told<Schemas['TempoView']>
