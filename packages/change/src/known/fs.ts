import { count, flag, integer } from './setting.ts';
import type { Settings } from './setting.ts';

/** Files. Source: the kernel's Documentation/admin-guide/sysctl/fs.rst; inotify(7), epoll(7), mq_overview(7). */
export const FS: Settings = {
  'fs.aio-max-nr': count('Requests of asynchronous I/O at once.'),
  'fs.epoll.max_user_watches': count('Descriptors that a user may watch with epoll.'),
  'fs.fanotify.max_user_groups': count('Groups of fanotify that a user may have.'),
  'fs.fanotify.max_user_marks': count('Marks of fanotify that a user may have.'),
  'fs.file-max': count('Open files of the whole machine.'),
  'fs.inotify.max_queued_events': count('Events that wait to be read.'),
  'fs.inotify.max_user_instances': count('Instances of inotify that a user may have.'),
  'fs.inotify.max_user_watches': count('Files that a user may watch with inotify.'),
  'fs.lease-break-time': count('Time that the holder of a lease has to give it back.', 's'),
  'fs.leases-enable': flag('Files can be leased.'),
  'fs.mount-max': integer(1, null, 'Mounts of a namespace.'),
  'fs.mqueue.msg_max': integer(1, 65_536, 'Messages of a POSIX queue.'),
  'fs.mqueue.msgsize_max': integer(128, 16_777_216, 'Size of a message of a POSIX queue.', 'byte'),
  'fs.mqueue.queues_max': count('POSIX queues.'),
  'fs.nr_open': integer(64, null, 'Open files that a process may be allowed.'),
  'fs.pipe-max-size': integer(4096, 2_147_483_648, 'Size that a user may give a pipe.', 'byte'),
  'fs.pipe-user-pages-hard': count('Pages in pipes that a user may have; 0 for any.', 'page'),
  'fs.pipe-user-pages-soft': count('Pages in pipes of a user after which new ones are small; 0 for any.', 'page'),
  'fs.protected_fifos': integer(0, 2, 'Pipes of others in sticky directories are not opened for writing.'),
  'fs.protected_hardlinks': flag('Users make no hard links to files that they may not write.'),
  'fs.protected_regular': integer(0, 2, 'Files of others in sticky directories are not opened for writing.'),
  'fs.protected_symlinks': flag('Links of others in sticky directories are not followed.'),
  'fs.suid_dumpable': integer(0, 2, 'Whether programs with privileges leave core dumps.'),
};
