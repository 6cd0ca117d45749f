/** Process entry: has the library download mongod. Arguments: version, folder. */
import { MongoBinary } from 'mongodb-memory-server-core';

const [version = '', downloadDir = '.'] = process.argv.slice(2);
await MongoBinary.getPath({ version, downloadDir, checkMD5: true });
