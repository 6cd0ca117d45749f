#!/bin/sh
# Makes the signing vectors with the openssl command line, so that signing is checked against something else than
# itself. Run in this folder; the keys are for tests only and are made anew each time.
#
# Each *.content.txt is the canonical text, written out by hand after CodePay Open API, section Sign. Its signature
# is RSA2: SHA-256 with RSA, PKCS#1 v1.5, standard base64.
set -eu
cd "$(dirname "$0")"

openssl genrsa -traditional -out rsa2048.pkcs1.pem 2048
openssl pkcs8 -topk8 -nocrypt -in rsa2048.pkcs1.pem -out rsa2048.pkcs8.pem
openssl rsa -in rsa2048.pkcs1.pem -pubout -out rsa2048.spki.pem
openssl rsa -in rsa2048.pkcs1.pem -RSAPublicKey_out -out rsa2048.public-pkcs1.pem
openssl pkcs8 -topk8 -nocrypt -in rsa2048.pkcs1.pem -outform DER | openssl base64 -A > rsa2048.pkcs8.base64
openssl rsa -in rsa2048.pkcs1.pem -traditional -outform DER | openssl base64 -A > rsa2048.pkcs1.base64
openssl rsa -in rsa2048.pkcs1.pem -pubout -outform DER | openssl base64 > rsa2048.spki.base64
openssl rsa -in rsa2048.pkcs1.pem -RSAPublicKey_out -outform DER | openssl base64 -A > rsa2048.public-pkcs1.base64
openssl genrsa 2048 | openssl rsa -pubout -out other.spki.pem
openssl genrsa -out rsa1024.pem 1024
openssl rsa -in rsa1024.pem -pubout -out rsa1024.spki.pem
openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out ec.pem
openssl pkcs8 -topk8 -in rsa2048.pkcs1.pem -passout pass:test -out encrypted.pem

for content in *.content.txt; do
  openssl dgst -sha256 -sign rsa2048.pkcs1.pem "$content" | openssl base64 -A > "${content%.content.txt}.sign.txt"
done
