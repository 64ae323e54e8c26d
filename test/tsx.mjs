// Lets a worker thread of ava load TypeScript; `--import=tsx` reaches only processes.
import { register } from 'tsx/esm/api';

register();
