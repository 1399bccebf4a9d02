// Addresses: each row is one door, or as many as its unit_count says.
#include <cmath>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/import_addresses.h"
#include "geo/streets/address.h"
#include "services/rpc/geometry.h"
#include "services/territory/row_import.h"
#include "services/territory/row_text.h"
#include "services/territory/street_keys.h"

namespace snowfield::territory {
namespace {
// A building with more dwellings is to be given unit by unit.
constexpr uint32_t kUnitCountMax = 2'000;
constexpr int32_t kFloorMin = -20;
constexpr int32_t kFloorMax = 300;
// Positions are the same when they are within about a centimetre: 1e-7 degrees.
constexpr double kPositionStepsPerDegree = 1e7;

class AddressKind {
 public:
  using Stage = db::AddressStage;
  using Row = v1::AddressRow;
  static const auto& RowsOf(const v1::ImportRowsRequest& batch) { return batch.addresses(); }

  absl::Status Check(const v1::AddressRow& row) {
    SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"external_id", row.external_id(), kExternalIdBytesMax},
                                          {"house_number", row.house_number(), kHouseNumberBytesMax},
                                          {"street", row.street(), kStreetBytesMax},
                                          {"unit", row.unit(), kUnitBytesMax},
                                          {"city", row.city(), kCityBytesMax},
                                          {"postal_code", row.postal_code(), kPostalCodeBytesMax}}));
    SNOWFIELD_RETURN_IF_ERROR(CheckAddress(row));
    SNOWFIELD_RETURN_IF_ERROR(CheckUnits(row));
    if (!row.has_position()) {
      return base::InvalidField("position", "POSITION_MISSING", "give the address a longitude and a latitude");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(position_ewkb_, rpc::ToEwkb(row.position(), "position"));
    return absl::OkStatus();
  }

  absl::Status Put(const v1::AddressRow& row, db::AddressStage& stage, ImportReport&) {
    const std::string row_key = PlaceKey(row);
    const std::string content_key = ContentKey(row, row_key);
    db::StagedDoor door{.row_number = ++row_count_,
                        .line = static_cast<int64_t>(row.line()),
                        .unit_index = 0,
                        .external_id = Trimmed(row.external_id()),
                        .content_key = content_key,
                        .row_key = row_key,
                        .unit = Trimmed(row.unit()),
                        .unit_key = unit_key_,
                        .floor = row.has_floor() ? std::optional<int32_t>(row.floor()) : std::nullopt,
                        .house_number = Trimmed(row.house_number()),
                        .street = Trimmed(row.street()),
                        .street_key = street_key_,
                        .number_key = number_key_,
                        .city = Trimmed(row.city()),
                        .postal_code = Trimmed(row.postal_code()),
                        .position_ewkb = position_ewkb_};
    if (row.unit_count() <= 1) return stage.Put(door);
    for (uint32_t i = 1; i <= row.unit_count(); ++i) {
      const std::string unit = absl::StrCat(i);
      door.unit_index = static_cast<int32_t>(i);
      door.unit = unit;
      door.unit_key = unit;
      SNOWFIELD_RETURN_IF_ERROR(stage.Put(door));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status CheckAddress(const v1::AddressRow& row) {
    number_key_ = geo::ParseHouseNumber(row.house_number()).Key();
    if (number_key_.empty()) {
      return base::InvalidField("house_number", "HOUSE_NUMBER_MISSING",
                                "a door needs a house number: give it, or leave the row out");
    }
    street_key_ = street_keys_.Of(row.street());
    if (street_key_.empty()) {
      return base::InvalidField("street", "STREET_MISSING", "a door needs a street: give its name");
    }
    return absl::OkStatus();
  }

  absl::Status CheckUnits(const v1::AddressRow& row) {
    unit_key_ = geo::NormalizeUnit(row.unit());
    if (row.unit_count() > kUnitCountMax) {
      return base::InvalidField("unit_count", "UNIT_COUNT_TOO_LARGE",
                                absl::StrCat("at most ", kUnitCountMax,
                                             " dwellings at one address: is the column the "
                                             "right one?"));
    }
    if (row.unit_count() > 1 && !Trimmed(row.unit()).empty()) {
      return base::InvalidField("unit_count", "UNIT_COUNT_WITH_UNIT",
                                "a row with a unit is one dwelling: give the unit or the number of units, not both");
    }
    if (row.has_floor() && (row.floor() < kFloorMin || row.floor() > kFloorMax)) {
      return base::InvalidField("floor", "FLOOR_OUT_OF_RANGE", absl::StrCat("send ", kFloorMin, " to ", kFloorMax));
    }
    return absl::OkStatus();
  }

  // What makes two rows stand at one address point: the same number and street as written, at the same position.
  static std::string PlaceKey(const v1::AddressRow& row) {
    return RowKey("place")
        .Text(Folded(row.house_number()))
        .Text(Folded(row.street()))
        .Number(std::llround(row.position().longitude() * kPositionStepsPerDegree))
        .Number(std::llround(row.position().latitude() * kPositionStepsPerDegree))
        .Take();
  }

  static std::string ContentKey(const v1::AddressRow& row, const std::string& row_key) {
    return RowKey("address")
        .Text(row_key)
        .Text(Folded(row.unit()))
        .Text(Trimmed(row.city()))
        .Text(Trimmed(row.postal_code()))
        .Number(row.unit_count())
        .Number(row.has_floor() ? row.floor() : kFloorMax + 1)
        .Take();
  }

  StreetKeys street_keys_;
  int64_t row_count_ = 0;
  // Of the row that was checked last.
  std::string number_key_;
  std::string street_key_;
  std::string unit_key_;
  std::string position_ewkb_;
};
}  // namespace

absl::StatusOr<std::unique_ptr<RowImport>> OpenAddressImport(db::Transaction& transaction) {
  return StagedRowImport<AddressKind>::Open(transaction);
}

}  // namespace snowfield::territory
