import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/Detail.module.css';
import classes from './DetailHead.module.css';

interface DetailHeadProps {
  title: string;
  /** what stands below the title */
  sub?: ReactNode;
  /** buttons */
  children?: ReactNode;
  onClose(): void;
}

/** DetailHead is the head of what is open beside a list. */
export function DetailHead({ title, sub, children, onClose }: DetailHeadProps) {
  return (
    <header className={frame.detailHead}>
      <div className={classes.headText}>
        <h2 className={classes.headTitle}>
          <Visible text={title} />
        </h2>
        {sub && <div className={classes.headSub}>{sub}</div>}
      </div>
      <div className={classes.headActs}>
        {children}
        <ActionIcon variant="subtle" aria-label={t('tests.close')} onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
    </header>
  );
}
