import { Button, Table } from '@mantine/core';
import { IconExternalLink, IconFiles } from '@tabler/icons-react';
import type { go } from '../../api';
import { Copy, EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import base from '../inventory/inventory.module.css';
import { Failed, Scrolls, When } from '../inventory/parts';
import { openReport } from './Export';
import classes from './Made.module.css';
import { useMade } from './queries';
import { audienceWord, formatWord } from './words';

/** Made are the reports that were made of the project, the newest first: what left, for whom, and what was shown in it. */
export function Made() {
  const { data, error, refetch } = useMade();
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={6} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        icon={<IconFiles size={40} />}
        title={t('reports.made.none')}
        text={t('reports.made.noneText')}
      />
    );
  }
  return (
    <Scrolls label={t('reports.made.title')} pane="reports-made" className={classes.made}>
      <Table className={classes.table ?? ''} verticalSpacing={5} horizontalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('reports.made.when')}</Table.Th>
            <Table.Th>{t('reports.made.what')}</Table.Th>
            <Table.Th>{t('reports.made.file')}</Table.Th>
            <Table.Th data-end>{t('reports.made.findings')}</Table.Th>
            <Table.Th>{t('reports.made.hidden')}</Table.Th>
            <Table.Th>SHA-256</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.items.map((made) => (
            <Row key={`${made.at} ${made.format} ${made.sha256}`} made={made} />
          ))}
        </Table.Tbody>
      </Table>
      {data.total > data.items.length && (
        <p className={base.nothing}>{t('reports.made.more', { n: data.total - data.items.length })}</p>
      )}
    </Scrolls>
  );
}

function Row({ made }: { made: go.ReportMade }) {
  const hidden = made.hidden.reduce((sum, { n }) => sum + n, 0);
  return (
    <Table.Tr>
      <Table.Td className={classes.when ?? ''}>
        <When at={made.at} />
      </Table.Td>
      <Table.Td>
        {formatWord(made.format)} <span className={base.dim}>{audienceWord(made.audience)}</span>
      </Table.Td>
      <Table.Td>
        <span className={classes.file}>
          <Visible text={made.file} />
        </span>{' '}
        <span className={base.dim}>{formatBytes(made.bytes)}</span>
        {made.open && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconExternalLink size={13} />}
            onClick={() => void openReport(made.sha256)}
          >
            {t('reports.export.open')}
          </Button>
        )}
      </Table.Td>
      <Table.Td data-end>{formatNumber(made.findings)}</Table.Td>
      <Table.Td>
        {t('reports.made.hiddenN', { n: hidden })}
        {made.shown.length > 0 && (
          <span className={classes.shown} title={made.shown.join(', ')}>
            {t('reports.made.shownN', { n: made.shown.length })}
          </span>
        )}
      </Table.Td>
      <Table.Td>
        <span className={classes.hash}>
          <code>{made.sha256.slice(0, 12)}</code>
          <Copy text={made.sha256} title={t('reports.export.copyHash')} />
        </span>
      </Table.Td>
    </Table.Tr>
  );
}
