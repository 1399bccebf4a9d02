// What a packet says, from the database: the list with its people, the script, and the map about the turf.
// Thread safety: as the transaction's.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "db/store/packet_store.h"
#include "services/paper/print/packet_content.h"

namespace snowfield::paper {

// Of the map: no more pieces of streets or of barriers are drawn.
inline constexpr int kMapPiecesMax = 5000;
// How far the map is drawn beyond the turf.
inline constexpr double kMapEdgeM = 120;

// Without packet_id. `now` makes ages of years of birth.
absl::StatusOr<PacketContent> ReadPacketContent(db::Transaction& transaction, const db::ListToPrint& list,
                                                const std::string& list_number, absl::Time now);

}  // namespace snowfield::paper
