//! Draws what a command wrote to a terminal as SVG: `dateline ... --color always | cargo run --example screenshot`.

use std::io::Read;

fn main() -> std::io::Result<()> {
    let mut written = String::new();
    std::io::stdin().read_to_string(&mut written)?;
    println!("{}", anstyle_svg::Term::new().min_width_px(820).render_svg(&written));
    Ok(())
}
