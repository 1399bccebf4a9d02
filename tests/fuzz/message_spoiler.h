// MessageSpoiler: protobuf messages as a hostile or broken client would send them, made by reflection from good ones:
// numbers at their ends, NaN, texts without end or of bytes that are no UTF-8, lists that grow, enums that nobody
// knows, what belongs together torn apart. Thread safety: a plain value of one thread.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <random>
#include <string>

namespace snowfield::fuzz {

class MessageSpoiler {
 public:
  explicit MessageSpoiler(uint64_t seed) : random_(seed) {}

  // Changes one to four things of the message; the same seed and message, the same changes.
  void Spoil(google::protobuf::Message* message);

 private:
  using Field = google::protobuf::FieldDescriptor;

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  void SpoilOnce(google::protobuf::Message* message);
  void SpoilSingle(google::protobuf::Message* message, const Field* field);
  void SpoilList(google::protobuf::Message* message, const Field* field);
  void AddTo(google::protobuf::Message* message, const Field* field);
  int64_t AnyInt64();
  double AnyDouble();
  std::string AnyText(const std::string& now);

  std::mt19937_64 random_;
};

}  // namespace snowfield::fuzz
