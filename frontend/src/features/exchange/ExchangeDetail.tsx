export type View = 'chat' | 'pretty' | 'raw' | 'hex' | 'stream' | 'headers' | 'timing';

export interface ExchangeDetailProps {
  /** of the exchange; the component follows it while it still arrives */
  id: string;
  view: View;
  onView(view: View): void;
  /** only the answer (Repeater) instead of both sides */
  answerOnly?: boolean;
}

/** ExchangeDetail shows one exchange in one of its views, with the tabs to choose. */
export function ExchangeDetail(props: ExchangeDetailProps) {
  return <div>{props.id}</div>;
}
