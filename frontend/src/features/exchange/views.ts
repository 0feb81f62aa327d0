/** The views of one exchange, in the order of their tabs. */
export const views = ['chat', 'pretty', 'raw', 'hex', 'stream', 'headers', 'timing'] as const;

export type View = (typeof views)[number];

/** The i18n key of each view's name. */
export const viewNames: Record<View, string> = {
  chat: 'exchange.views.chat',
  pretty: 'exchange.views.pretty',
  raw: 'exchange.views.raw',
  hex: 'exchange.views.hex',
  stream: 'exchange.views.stream',
  headers: 'exchange.views.headers',
  timing: 'exchange.views.timing',
};
