#include "services/territory/people.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/person_store.h"
#include "services/rpc/limits.h"
#include "services/territory/row_text.h"

namespace snowfield::territory {
namespace {

constexpr size_t kExportBytesMax = rpc::kResponseBytesMax - 4096;

absl::Status AuditPerson(db::Transaction& transaction, const access::Call& call, std::string_view action,
                         int64_t person_id) {
  return db::WriteAudit(
      transaction, {.member = call.caller.member, .action = action, .subject_kind = "person", .subject_id = person_id});
}

void ToMessage(const db::PersonRow& row, v1::Person& person) {
  person.set_person_id(row.person.value);
  person.set_external_id(row.external_id);
  person.set_first_name(row.first_name);
  person.set_last_name(row.last_name);
  person.set_birth_year(row.birth_year);
  person.set_address_line(row.address_line);
  person.set_city(row.city);
  person.set_do_not_contact(row.do_not_contact);
  person.set_door_id(row.door.value);
}

absl::Status TellWhoWasRead(db::Transaction& transaction, const access::Call& call,
                            const v1::ListPeopleResponse& response) {
  if (response.people_size() == 0) return absl::OkStatus();
  const std::string ids = absl::StrJoin(response.people(), ",", [](std::string* out, const v1::Person& person) {
    absl::StrAppend(out, person.person_id());
  });
  return db::WriteAudit(transaction, {.member = call.caller.member,
                                      .action = "person.list",
                                      .subject_kind = "people",
                                      .detail_json = absl::StrCat("{\"people\":[", ids, "]}")});
}

}  // namespace

absl::StatusOr<v1::ListPeopleResponse> ListPeople(db::Pool& pool, const access::Call& call,
                                                  const v1::ListPeopleRequest& request, const rpc::Page& page) {
  SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"external_id", request.external_id(), kExternalIdBytesMax},
                                        {"last_name", request.last_name(), kNameBytesMax}}));
  if (request.external_id().empty() && request.last_name().empty()) {
    return base::InvalidField("external_id", "PERSON_UNCLEAR",
                              "send the voter file's id, or the beginning of the last name");
  }
  const db::PersonFilter filter{.external_id = request.external_id(),
                                .last_name_prefix = request.last_name(),
                                .after = page.after,
                                .limit = page.size + 1};
  using Response = absl::StatusOr<v1::ListPeopleResponse>;
  return db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) -> Response {
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PersonRow> rows, db::ListPeople(transaction, filter));
    v1::ListPeopleResponse response;
    for (const db::PersonRow& row : rows) {
      if (response.people_size() == page.size) {
        response.set_next_page_token(rpc::NextPageToken(kPeopleList, response.people(page.size - 1).person_id()));
        break;
      }
      ToMessage(row, *response.add_people());
    }
    SNOWFIELD_RETURN_IF_ERROR(TellWhoWasRead(transaction, call, response));
    return response;
  });
}

absl::StatusOr<v1::ExportPersonResponse> ExportPerson(db::Pool& pool, const access::Call& call,
                                                      const v1::ExportPersonRequest& request) {
  using Response = absl::StatusOr<v1::ExportPersonResponse>;
  return db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) -> Response {
    v1::ExportPersonResponse response;
    SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_json(),
                               db::ExportPerson(transaction, base::PersonId(request.person_id())));
    if (response.json().size() > kExportBytesMax) {
      return base::Problem(absl::StatusCode::kResourceExhausted, "EXPORT_TOO_LARGE", "",
                           "more is held about this person than one answer takes: ask the operator");
    }
    SNOWFIELD_RETURN_IF_ERROR(AuditPerson(transaction, call, "person.export", request.person_id()));
    return response;
  });
}

absl::StatusOr<v1::ErasePersonResponse> ErasePerson(db::Pool& pool, const access::Call& call,
                                                    const v1::ErasePersonRequest& request, absl::Time now) {
  const db::Erasure erasure{.person = base::PersonId(request.person_id()), .by = call.caller.member, .now = now};
  using Response = absl::StatusOr<v1::ErasePersonResponse>;
  return db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) -> Response {
    v1::ErasePersonResponse response;
    SNOWFIELD_ASSIGN_OR_RETURN(const bool erased, db::ErasePerson(transaction, erasure, [&] {
                                 return AuditPerson(transaction, call, "person.erase", request.person_id());
                               }));
    response.set_erased_before(!erased);
    return response;
  });
}

}  // namespace snowfield::territory
