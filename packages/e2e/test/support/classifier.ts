// Tells two kinds of answers apart by one number of each, as well as that number allows.

/**
 * Area under the ROC curve (Fawcett 2006): the chance that a value of `ones` is above one of `others`, ties counted
 * half. 0.5 tells nothing; the direction doesn't matter to who listens, so it is never below that.
 */
export function auc(ones: readonly number[], others: readonly number[]): number {
  const all = [...ones.map((value) => ({ value, one: 1 })), ...others.map((value) => ({ value, one: 0 }))];
  all.sort((left, right) => left.value - right.value);
  let rankSum = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1;
    // Ranks from 1; those of a tie share their mean.
    const rank = (start + 1 + end) / 2;
    for (const { one } of all.slice(start, end)) rankSum += one * rank;
    start = end;
  }
  const above = rankSum - (ones.length * (ones.length + 1)) / 2;
  const area = above / (ones.length * others.length);
  return Math.max(area, 1 - area);
}
