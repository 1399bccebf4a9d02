// People one by one: finding one who asks, telling them what is held, erasing it.
// Thread safety: as the pool's.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "services/rpc/paging.h"
#include "snowfield/territory/v1/territory.pb.h"

namespace snowfield::territory {

inline constexpr char kPeopleList[] = "people";

// Whose record was read is in the audit log.
absl::StatusOr<v1::ListPeopleResponse> ListPeople(db::Pool& pool, const access::Call& call,
                                                  const v1::ListPeopleRequest& request, const rpc::Page& page);
absl::StatusOr<v1::ExportPersonResponse> ExportPerson(db::Pool& pool, const access::Call& call,
                                                      const v1::ExportPersonRequest& request);
// Repeating it does no harm.
absl::StatusOr<v1::ErasePersonResponse> ErasePerson(db::Pool& pool, const access::Call& call,
                                                    const v1::ErasePersonRequest& request, absl::Time now);

}  // namespace snowfield::territory
