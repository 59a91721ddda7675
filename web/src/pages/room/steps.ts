import type { Room } from '@/api/contractRooms'

export const STEPS = ['materials', 'bids', 'discussion', 'conclusion', 'sign'] as const
export type StepId = (typeof STEPS)[number]
export type StepState = 'done' | 'now' | 'risk' | 'waiting'

/** Whether everything is there to begin with: the run, and every city's data. */
export function isReady(material: Room['material']): boolean {
  return material.run.state === 'ready' && material.cities.every((city) => city.fresh)
}

type Progress = Pick<Room, 'state' | 'material' | 'mine' | 'bid_count'>

/** 资料就绪 → 提交意见 → 讨论订正 → 形成结论 → 签发, as somebody sees it who may or may not enter a bid. */
export function stepsOf(room: Progress, mayBid: boolean): { id: StepId; state: StepState }[] {
  const open = room.state === 'open'
  const signed = room.state === 'signed' || room.state === 'superseded'
  const concluded = signed || room.state === 'concluded'
  const awaited = open && ((mayBid && !room.mine) || room.bid_count === 0)
  const stand = (done: boolean, now: boolean): StepState => (done ? 'done' : now ? 'now' : 'waiting')
  return [
    { id: 'materials', state: isReady(room.material) ? 'done' : 'risk' },
    { id: 'bids', state: stand(concluded || (open && !awaited), awaited) },
    { id: 'discussion', state: stand(concluded, open && !awaited) },
    { id: 'conclusion', state: stand(concluded, false) },
    { id: 'sign', state: stand(signed, room.state === 'concluded') },
  ]
}
