// People: voters and supporters, and the address that says behind which door they live.
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/import_people.h"
#include "geo/streets/address.h"
#include "services/territory/row_import.h"
#include "services/territory/row_text.h"
#include "services/territory/street_keys.h"

namespace snowfield::territory {
namespace {
constexpr int32_t kBirthYearMin = 1880;
constexpr int32_t kBirthYearMax = 2100;

class PersonKind {
 public:
  using Stage = db::PersonStage;
  using Row = v1::PersonRow;
  static const auto& RowsOf(const v1::ImportRowsRequest& batch) { return batch.people(); }

  absl::Status Check(const v1::PersonRow& row) {
    if (Trimmed(row.external_id()).empty()) {
      return base::InvalidField("external_id", "EXTERNAL_ID_MISSING",
                                "a person is known by the voter file's id: give the column that has it");
    }
    return CheckTexts({{"external_id", row.external_id(), kExternalIdBytesMax},
                       {"first_name", row.first_name(), kNameBytesMax},
                       {"middle_name", row.middle_name(), kNameBytesMax},
                       {"last_name", row.last_name(), kNameBytesMax},
                       {"suffix", row.suffix(), kShortTextBytesMax},
                       {"address_line", row.address_line(), kAddressLineBytesMax},
                       {"house_number", row.house_number(), kHouseNumberBytesMax},
                       {"street", row.street(), kStreetBytesMax},
                       {"unit", row.unit(), kUnitBytesMax},
                       {"city", row.city(), kCityBytesMax},
                       {"postal_code", row.postal_code(), kPostalCodeBytesMax},
                       {"sex", row.sex(), kShortTextBytesMax},
                       {"party", row.party(), kShortTextBytesMax},
                       {"phone", row.phone(), kShortTextBytesMax},
                       {"email", row.email(), kEmailBytesMax}});
  }

  absl::Status Put(const v1::PersonRow& row, db::PersonStage& stage, ImportReport& report) {
    ReadAddress(row);
    std::optional<int32_t> birth_year;
    if (row.birth_year() >= kBirthYearMin && row.birth_year() <= kBirthYearMax) birth_year = row.birth_year();
    if (row.birth_year() != 0 && !birth_year.has_value()) {
      SNOWFIELD_RETURN_IF_ERROR(
          report.Remark(row.line(), "BIRTH_YEAR_OUT_OF_RANGE", "birth_year",
                        absl::StrCat("not a year from ", kBirthYearMin, " to ", kBirthYearMax, ": taken as unknown")));
    }
    const std::string content_key = ContentKey(row);
    return stage.Put({.line = static_cast<int64_t>(row.line()),
                      .external_id = Trimmed(row.external_id()),
                      .content_key = content_key,
                      .first_name = Trimmed(row.first_name()),
                      .middle_name = Trimmed(row.middle_name()),
                      .last_name = Trimmed(row.last_name()),
                      .suffix = Trimmed(row.suffix()),
                      .address_line = address_line_,
                      .street_key = street_key_,
                      .number_key = number_key_,
                      .unit_key = unit_key_,
                      .city = Trimmed(row.city()),
                      .postal_code = Trimmed(row.postal_code()),
                      .birth_year = birth_year,
                      .sex = Trimmed(row.sex()),
                      .party = Trimmed(row.party()),
                      .phone = Trimmed(row.phone()),
                      .email = Trimmed(row.email())});
  }

 private:
  // The three fields where the row has them, else the line. Nothing can be read: the keys stay empty.
  void ReadAddress(const v1::PersonRow& row) {
    street_key_.clear();
    number_key_.clear();
    unit_key_.clear();
    if (Trimmed(row.house_number()).empty() || Trimmed(row.street()).empty()) {
      address_line_ = Trimmed(row.address_line());
      const auto address = geo::ParseStreetAddress(address_line_);
      if (!address.ok()) return;
      street_key_ = address->street_key;
      number_key_ = address->house_number.Key();
      unit_key_ = Trimmed(row.unit()).empty() ? address->unit : geo::NormalizeUnit(row.unit());
      return;
    }
    address_line_ = Squeezed(absl::StrCat(row.house_number(), " ", row.street(), " ", row.unit()));
    number_key_ = geo::ParseHouseNumber(row.house_number()).Key();
    street_key_ = number_key_.empty() ? std::string() : street_keys_.Of(row.street());
    unit_key_ = geo::NormalizeUnit(row.unit());
  }

  static std::string ContentKey(const v1::PersonRow& row) {
    RowKey key("person");
    for (const std::string* text : {&row.first_name(), &row.middle_name(), &row.last_name(), &row.suffix(),
                                    &row.address_line(), &row.house_number(), &row.street(), &row.unit(), &row.city(),
                                    &row.postal_code(), &row.sex(), &row.party(), &row.phone(), &row.email()}) {
      key.Text(Trimmed(*text));
    }
    return key.Number(row.birth_year()).Take();
  }

  StreetKeys street_keys_;
  // Of the row that was put last.
  std::string address_line_;
  std::string street_key_;
  std::string number_key_;
  std::string unit_key_;
};
}  // namespace

absl::StatusOr<std::unique_ptr<RowImport>> OpenPersonImport(db::Transaction& transaction) {
  return StagedRowImport<PersonKind>::Open(transaction);
}

}  // namespace snowfield::territory
