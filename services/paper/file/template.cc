#include "services/paper/file/template.h"

#include <vector>

#include "base/status.h"
#include "db/store/paper_batch_store.h"
#include "db/store/paper_file_store.h"
#include "services/access/scope.h"
#include "services/paper/print/page_code.h"
#include "services/paper/sheet.h"
#include "services/rpc/paging.h"

namespace snowfield::paper {
namespace {
constexpr char kPacketRows[] = "packet_rows";
}

absl::StatusOr<v1::ListPacketRowsResponse> ListPacketRows(db::Transaction& transaction, const access::Caller& caller,
                                                          const v1::ListPacketRowsRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage(kPacketRows, request.page_size(), request.page_token()));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PacketToKey packet,
                             db::FindPacketToKey(transaction, request.packet_id(), "packet_id"));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, packet.leader, "packet_id"));
  const db::RowAt after{.at = {.packet_id = request.packet_id(), .page = static_cast<int>(page.after)},
                        .sequence = static_cast<int>(page.after_order)};
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::TemplateRow> rows,
                             db::ListTemplateRows(transaction, after, page.size + 1));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<Column> columns, ReadColumns(transaction, packet.script));
  v1::ListPacketRowsResponse response;
  for (const Column& column : columns) *response.add_columns() = ToMessage(column);
  int last_page = 0, last_sequence = 0;
  for (const db::TemplateRow& row : rows) {
    if (response.rows_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kPacketRows, last_page, last_sequence));
      break;
    }
    last_page = row.row.at.page;
    last_sequence = row.row.sequence;
    v1::PacketRow& message = *response.add_rows();
    message.set_page_code(BarCodeText({.campaign_id = transaction.campaign().value,
                                       .list_number = packet.list_number,
                                       .packet_id = request.packet_id(),
                                       .page = last_page,
                                       .pages = packet.page_count}));
    message.set_sequence(last_sequence);
    message.set_house_number(row.house_number);
    message.set_street(row.street);
    message.set_unit(row.unit);
    message.set_lines(row.lines);
  }
  return response;
}

}  // namespace snowfield::paper
