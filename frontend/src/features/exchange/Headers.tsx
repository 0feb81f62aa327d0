import { useRef } from 'react';
import type { go } from '../../api';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes, formatDateTime, formatDuration } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { FindBar } from './FindBar';
import classes from './Headers.module.css';
import type { PaneProps } from './pane';
import { Scroll } from './Scroll';
import { Sealed } from './Sealed';

/** Headers shows the heads of both messages as sent, and who the two peers were. */
export default function Headers({ heads, answerOnly }: PaneProps) {
  const box = useRef<HTMLDivElement>(null);
  return (
    <>
      <FindBar target={box} />
      <Scroll ref={box} className={classes.scroll} label={t('exchange.views.headers')}>
        {!answerOnly && <HeadTable title={t('exchange.side.request')} head={heads.request} />}
        {heads.interim.map((head) => (
          <HeadTable
            key={`${head.status} ${head.at_ms}`}
            title={t('exchange.headers.interim', { at: formatDuration(head.at_ms) })}
            head={head}
          />
        ))}
        {heads.response.seen && <HeadTable title={t('exchange.side.response')} head={heads.response} />}
        <Peers heads={heads} />
        {heads.origin && <Origin text={heads.origin} />}
      </Scroll>
    </>
  );
}

function HeadTable({ title, head }: { title: string; head: go.Head }) {
  const text = () => [head.line, ...head.headers.map((each) => `${each.name}: ${each.value}`)].join('\n');
  return (
    <section className={classes.block} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Copy text={text} title={t('exchange.headers.copyAll')} />
      </header>
      <p className={classes.line}>
        <Sealed text={head.line} />
      </p>
      <Lines lines={head.headers} caption={title} />
      {head.trailer.length > 0 && (
        <>
          <h3>{t('exchange.headers.trailer')}</h3>
          <Lines lines={head.trailer} caption={t('exchange.headers.trailer')} />
        </>
      )}
    </section>
  );
}

function Lines({ lines, caption }: { lines: go.HeaderLine[]; caption: string }) {
  if (lines.length === 0) return <p className={classes.faint}>{t('exchange.headers.none')}</p>;
  return (
    <table className={classes.table} aria-label={caption}>
      <tbody>
        {lines.map(({ name, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers repeat, and never move
          <tr key={at}>
            <th scope="row">
              <Visible text={name} />
            </th>
            <td>
              <Sealed text={value} />
            </td>
            <td className={classes.act}>
              <Copy text={value} title={t('exchange.headers.copy', { name })} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Peers({ heads: { client, server, request, response, source } }: { heads: go.HeadsOut }) {
  const facts: [string, string][] = [
    [t('exchange.peer.source'), source],
    [t('exchange.peer.client'), client.process],
    [t('exchange.peer.pid'), client.pid > 0 ? String(client.pid) : ''],
    [t('exchange.peer.clientAddress'), client.addr],
    [t('exchange.peer.server'), server.addr],
    [t('exchange.peer.via'), server.via],
    [t('exchange.peer.reused'), server.reused ? t('exchange.yes') : ''],
    [t('exchange.peer.tls'), [server.tls, server.cipher].filter(Boolean).join(' · ')],
    [t('exchange.peer.alpn'), server.alpn],
    [t('exchange.peer.sni'), server.sni],
    [t('exchange.peer.issuer'), server.cert_issuer],
    [t('exchange.peer.names'), server.cert_names.join(', ')],
    [t('exchange.peer.expires'), server.cert_expiry ? formatDateTime(server.cert_expiry) : ''],
    [t('exchange.peer.fingerprint'), server.cert_sha256],
    [t('exchange.peer.unverified'), server.unverified ? t('exchange.peer.accepted') : ''],
    [t('exchange.peer.requestBody'), size(request.body)],
    [t('exchange.peer.responseBody'), response.seen ? size(response.body) : ''],
  ];
  return (
    <section className={classes.block} aria-label={t('exchange.peer.title')}>
      <header>
        <h2>{t('exchange.peer.title')}</h2>
      </header>
      <table className={classes.table} aria-label={t('exchange.peer.title')}>
        <tbody>
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <Visible text={value} />
                </td>
                <td className={classes.act}>
                  <Copy text={value} title={t('exchange.headers.copy', { name })} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

function size({ size, type, coding }: go.BodyOut): string {
  return [formatBytes(size), type, coding].filter(Boolean).join(' · ');
}

function Origin({ text }: { text: string }) {
  return (
    <details className={classes.block}>
      <summary>{t('exchange.headers.origin')}</summary>
      <pre className={classes.origin}>
        <Visible text={text} />
      </pre>
    </details>
  );
}
