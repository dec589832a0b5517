/** A fake that gives its answers in turn, the last one again and again. An Error is thrown. */
export function inTurn<T>(answers: readonly T[]): () => Promise<T> {
  let call = 0;
  return async () => {
    const answer = answers[Math.min(call++, answers.length - 1)];
    if (answer === undefined) throw new RangeError('no answer to give');
    if (answer instanceof Error) throw answer;
    return answer;
  };
}
