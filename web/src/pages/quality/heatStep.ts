/** Step of a share between 0 and 1 on the scale of the matrix; 0 stands for nothing at all. */
export function heatStep(share: number | null | undefined): 0 | 1 | 2 | 3 | 4 {
  if (typeof share !== 'number' || share <= 0) return 0
  if (share < 0.75) return 1
  if (share < 0.9) return 2
  return share < 1 ? 3 : 4
}
