#include "services/canvass/content_hash.h"

#include <sodium.h>

#include <bit>
#include <cstdint>
#include <cstring>

#include "absl/status/statusor.h"
#include "base/list_number.h"
#include "base/uuid.h"

namespace snowfield::canvass {
namespace {

class Hasher {
 public:
  Hasher() { crypto_hash_sha256_init(&state_); }

  // Eight bytes, the lowest first, whatever the machine.
  void Number(uint64_t value) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(value >> (8 * i));
    crypto_hash_sha256_update(&state_, bytes, sizeof(bytes));
  }
  void Signed(int64_t value) { Number(static_cast<uint64_t>(value)); }
  void Real(double value) { Number(std::bit_cast<uint64_t>(value)); }
  void Text(const std::string& text) {
    Number(text.size());
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  std::string Finish() {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&state_, hash);
    return std::string(reinterpret_cast<const char*>(hash), sizeof(hash));
  }

 private:
  crypto_hash_sha256_state state_;
};

std::string NormalListNumber(const std::string& text) {
  const absl::StatusOr<std::string> number = base::ParseListNumber(text, "list_number");
  return number.ok() ? *number : text;
}

std::string NormalUuid(const std::string& text) {
  const absl::StatusOr<base::Uuid> uuid = base::Uuid::Parse(text, "corrects_knock_id");
  return uuid.ok() ? uuid->ToString() : text;
}

}  // namespace

std::string ContentHash(const v1::Knock& knock) {
  Hasher hasher;
  hasher.Text("snowfield.knock.1");
  hasher.Signed(knock.door_id());
  hasher.Text(NormalListNumber(knock.list_number()));
  hasher.Signed(knock.result());
  hasher.Number(knock.has_phone_time() ? 1 : 0);
  hasher.Signed(knock.phone_time().seconds());
  hasher.Signed(knock.phone_time().nanos());
  hasher.Text(knock.boot_id());
  hasher.Signed(knock.monotonic_ms());
  hasher.Signed(knock.running_number());
  hasher.Number(knock.has_position() ? 1 : 0);
  hasher.Real(knock.position().longitude());
  hasher.Real(knock.position().latitude());
  hasher.Real(knock.accuracy_m());
  hasher.Text(knock.language());
  hasher.Text(knock.note());
  hasher.Signed(knock.responses_size());
  for (const v1::KnockResponse& response : knock.responses()) {
    hasher.Signed(response.person_id());
    hasher.Text(response.question());
    hasher.Text(response.answer());
  }
  hasher.Signed(knock.asks_size());
  for (const v1::KnockAsk& ask : knock.asks()) {
    hasher.Signed(ask.person_id());
    hasher.Signed(ask.ask());
    hasher.Signed(ask.answer());
    // Where it can be, so that knocks from before there were meetings keep their hash.
    if (ask.ask() == v1::ASK_KIND_COME_TO_MEETING) hasher.Signed(ask.meeting_id());
  }
  hasher.Text(NormalUuid(knock.corrects_knock_id()));
  if (knock.undo()) hasher.Text("undo");
  if (knock.script_id() != 0) {
    hasher.Text("script");
    hasher.Signed(knock.script_id());
  }
  return hasher.Finish();
}

std::string ContentHash(const v1::Addition& addition) {
  Hasher hasher;
  hasher.Text("snowfield.addition.1");
  hasher.Text(NormalListNumber(addition.list_number()));
  hasher.Signed(addition.phone_time().seconds());
  hasher.Signed(addition.phone_time().nanos());
  hasher.Signed(addition.where_case());
  hasher.Signed(addition.door_id());
  const v1::FoundDoor& door = addition.found_door();
  hasher.Text(door.house_number());
  hasher.Text(door.street());
  hasher.Text(door.unit());
  hasher.Real(door.position().longitude());
  hasher.Real(door.position().latitude());
  hasher.Signed(addition.people_size());
  for (const v1::FoundPerson& person : addition.people()) {
    hasher.Text(person.first_name());
    hasher.Text(person.last_name());
    hasher.Text(person.phone());
    hasher.Text(person.email());
  }
  hasher.Text(addition.note());
  return hasher.Finish();
}

}  // namespace snowfield::canvass
