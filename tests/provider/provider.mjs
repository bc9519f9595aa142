// A certified OpenID provider (npm's oidc-provider) for the tests of the door, told over standard input how to behave.
//
//   node provider.mjs PORT REDIRECT_URI LOGOUT_URI HOME_URI
//
// A line of JSON on standard input changes what it does next: {"skew": seconds} moves its clock; {"token": way} spoils
// the ID tokens it gives (forged, expired, unsigned, hmac, nonce, audience, issuer); {"rotate": true} signs with a key
// that the list of keys did not hold before. It answers each line with "ok".
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';
import { exportJWK, generateKeyPair, SignJWT, importJWK, decodeJwt, decodeProtectedHeader } from 'jose';

const [port, redirectUri, logoutUri, home] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const secret = 'rahasia-klien-untuk-uji-saja-0123456789';
const state = { token: null, generation: 0, keys: [] };

const plainNow = Date.now.bind(Date);
let skew = 0;
Date.now = () => plainNow() + skew * 1000;

async function newKey() {
  state.generation += 1;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: `kunci-${state.generation}`, use: 'sig', alg: 'RS256' };
}

async function spoiled(token) {
  const claims = decodeJwt(token), header = decodeProtectedHeader(token);
  const sign = async (body, key, head = header) =>
    new SignJWT(body).setProtectedHeader(head).sign(await importJWK(key, 'RS256'));
  const own = state.keys[0], now = Math.floor(plainNow() / 1000);
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  switch (state.token) {
    case 'forged': return sign(claims, await newKey()); // the right name of a key, another key
    case 'stranger': return sign(claims, await newKey(), { ...header, kid: 'tidak-dikenal' });
    case 'expired': return sign({ ...claims, iat: now - 3600, exp: now - 1800 }, own);
    case 'nonce': return sign({ ...claims, nonce: 'yang-lain' }, own);
    case 'audience': return sign({ ...claims, aud: 'aplikasi-lain' }, own);
    case 'issuer': return sign({ ...claims, iss: 'http://127.0.0.1:1' }, own);
    case 'unsigned': return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    case 'hmac': {
      const body = `${encode({ alg: 'HS256', kid: header.kid })}.${encode(claims)}`;
      return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
    }
    default: return token;
  }
}

const PEOPLE = {
  rini: { name: 'Rini Perencana', groups: ['peta-perencana', 'lain'] },
  dedi: { name: 'Dedi Data', groups: ['peta-data'], wilayah: '53.01' },
  tamu: { name: 'Tamu', groups: ['lain'] },
};

async function make() {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'peta-aman', client_secret: secret, redirect_uris: [redirectUri], post_logout_redirect_uris: [home],
      backchannel_logout_uri: logoutUri, backchannel_logout_session_required: true,
      grant_types: ['authorization_code'], response_types: ['code'],
    }],
    jwks: { keys: state.keys },
    cookies: { keys: ['kunci-kue-uji'] },
    claims: { openid: ['sub', 'sid'], profile: ['name', 'preferred_username', 'groups', 'wilayah'] },
    scopes: ['openid', 'profile'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
    async findAccount(_ctx, id) {
      return { accountId: id, claims: async () => ({ sub: id, preferred_username: id, ...PEOPLE[id] }) };
    },
    // By itself it calls no address of its own computer, where the server under test is.
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
    // People agree at once: the walk through a second page is not what is tested here.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/token' && ctx.body?.id_token && state.token) {
      ctx.body = { ...ctx.body, id_token: await spoiled(ctx.body.id_token) };
    }
  });
  provider.on('server_error', (_ctx, error) => console.error(error));
  provider.on('backchannel.error', (_ctx, error) => console.error('backchannel', error));
  return provider.callback();
}

state.keys = [await newKey()];
let serve = await make();
const server = createServer((request, answer) => serve(request, answer));
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));

for await (const line of createInterface({ input: process.stdin })) {
  const said = JSON.parse(line);
  if ('skew' in said) skew = said.skew;
  if ('token' in said) state.token = said.token;
  if (said.rotate) { state.keys = [await newKey()]; serve = await make(); }
  console.log('ok');
}
