#include "services/paper/named_id.h"

#include <sodium/crypto_hash_sha256.h>

#include <algorithm>

namespace snowfield::paper {

base::Uuid IdOfName(std::string_view name) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(name.data()), name.size());
  base::Uuid id;
  std::copy_n(hash, id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<uint8_t>((id.bytes[6] & 0x0F) | 0x80);
  id.bytes[8] = static_cast<uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

}  // namespace snowfield::paper
