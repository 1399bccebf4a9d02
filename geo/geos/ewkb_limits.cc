#include "geo/geos/ewkb_limits.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/status.h"
#include "geo/geos/geometry.h"

namespace snowfield::geo {
namespace {

// The OGC's codes of types, and the flags that PostGIS adds.
enum WkbType : uint32_t { kPoint = 1, kLineString = 2, kPolygon = 3, kMultiPoint = 4, kCollection = 7 };
constexpr uint32_t kHasZ = 0x80000000, kHasM = 0x40000000, kHasSrid = 0x20000000;

// Walks over the bytes without keeping anything of them.
class EwkbWalk {
 public:
  enum class Outcome { kFits, kUnreadable, kTooLarge, kTooDeep };

  explicit EwkbWalk(std::string_view bytes) : bytes_(bytes) {}

  Outcome Run() { return OneGeometry(1); }

 private:
  std::optional<uint32_t> ReadCount() {
    uint32_t value = 0;
    if (bytes_.size() - at_ < sizeof(value)) return std::nullopt;
    std::memcpy(&value, bytes_.data() + at_, sizeof(value));
    at_ += sizeof(value);
    return swap_ ? __builtin_bswap32(value) : value;
  }

  // Points, rings and parts all cost memory.
  Outcome Count(uint64_t more, uint64_t bytes_each) {
    count_ += more;
    if (count_ > kGeometryPointsMax) return Outcome::kTooLarge;
    return more * bytes_each > bytes_.size() - at_ ? Outcome::kUnreadable : Outcome::kFits;
  }

  Outcome Points(uint64_t count, uint64_t dimensions) {
    const Outcome outcome = Count(count, dimensions * sizeof(double));
    if (outcome == Outcome::kFits) at_ += count * dimensions * sizeof(double);
    return outcome;
  }

  Outcome OneGeometry(int depth) {
    if (depth > kGeometryDepthMax) return Outcome::kTooDeep;
    if (at_ == bytes_.size()) return Outcome::kUnreadable;
    const bool little = bytes_[at_++] != 0;
    swap_ = little != (std::endian::native == std::endian::little);
    const std::optional<uint32_t> type = ReadCount();
    if (!type || ((*type & kHasSrid) != 0 && !ReadCount())) return Outcome::kUnreadable;
    const uint32_t kind = (*type & 0xffff) % 1000, iso = (*type & 0xffff) / 1000;
    const uint64_t dimensions = 2 + ((*type & kHasZ) != 0 || iso == 1 || iso == 3 ? 1 : 0) +
                                ((*type & kHasM) != 0 || iso == 2 || iso == 3 ? 1 : 0);
    if (kind == kPoint) return Points(1, dimensions);
    if (kind < kPoint || kind > kCollection) return Outcome::kUnreadable;
    const std::optional<uint32_t> count = ReadCount();
    if (!count) return Outcome::kUnreadable;
    if (kind == kLineString) return Points(*count, dimensions);
    const Outcome fits = Count(*count, sizeof(uint32_t));
    if (fits != Outcome::kFits) return fits;
    for (uint32_t i = 0; i < *count; ++i) {
      const Outcome outcome = kind == kPolygon ? RingOf(dimensions) : OneGeometry(depth + 1);
      if (outcome != Outcome::kFits) return outcome;
    }
    return Outcome::kFits;
  }

  Outcome RingOf(uint64_t dimensions) {
    const std::optional<uint32_t> points = ReadCount();
    return points ? Points(*points, dimensions) : Outcome::kUnreadable;
  }

  std::string_view bytes_;
  size_t at_ = 0;
  bool swap_ = false;
  uint64_t count_ = 0;
};

}  // namespace

absl::Status CheckEwkbLimits(std::string_view bytes, std::string_view field) {
  if (bytes.size() > kEwkbBytesMax) {
    return base::InvalidField(field, "GEOMETRY_TOO_LARGE", "a geometry may have at most 64 MiB of EWKB");
  }
  switch (EwkbWalk(bytes).Run()) {
    case EwkbWalk::Outcome::kFits:
      return absl::OkStatus();
    case EwkbWalk::Outcome::kTooLarge:
      return base::InvalidField(field, "GEOMETRY_TOO_LARGE",
                                "a geometry may have at most 1,000,000 points: simplify it, or send it in parts");
    case EwkbWalk::Outcome::kTooDeep:
      return base::InvalidField(field, "GEOMETRY_TOO_LARGE",
                                "collections may lie at most 8 deep in each other: send the parts flat");
    case EwkbWalk::Outcome::kUnreadable:
      break;
  }
  return base::InvalidField(field, "GEOMETRY_UNREADABLE", "not EWKB (well-known binary): send the bytes unchanged");
}

}  // namespace snowfield::geo
