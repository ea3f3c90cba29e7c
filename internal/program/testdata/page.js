// What is wrong with the page as it stands, one sentence each. The crawl evaluates this file.
(() => {
	const wrong = []
	const all = selector => [...document.querySelectorAll(selector)]
	const show = x => x.outerHTML.replace(/\s+/g, ' ').slice(0, 160)
	const seen = x => x.checkVisibility({ visibilityProperty: true }) && !x.closest('.vh')
	const words = x => x.textContent.replace(/\s+/g, ' ').trim()
	const complain = (what, list) => list.slice(0, 5).forEach(x => wrong.push(what + ': ' + show(x)))

	const ids = all('[id]').map(x => x.id)
	complain('id used twice', all('[id]').filter(x => ids.filter(id => id === x.id).length > 1))
	complain('heading of the first level that is not the only one', all('h1').slice(1))
	if (!words(document.querySelector('h1') ?? document.body)) wrong.push('no heading')

	const controls = all('input, select, textarea').filter(x =>
		x.type !== 'hidden' && !x.closest('[aria-hidden=true]'))
	complain('name is not the label', controls.filter(x => x.labels?.length !== 1 ||
		!words(x.labels[0]) || x.ariaLabel || x.getAttribute('aria-labelledby') || x.title))
	complain('group without a legend', all('fieldset').filter(x =>
		!words(x.querySelector(':scope > legend') ?? new Text())))
	complain('table without a caption', all('table').filter(x => !words(x.caption ??
		document.getElementById(x.getAttribute('aria-labelledby')) ?? new Text())))
	complain('link or button without a name', all('a[href], button, summary').filter(x =>
		!words(x) && !x.ariaLabel))

	const keyboards = [['.email', 'type', 'email'], ['.phoneNumber', 'type', 'tel'],
		['.duns', 'inputmode', 'numeric'], ['details.dealValue', 'inputmode', 'decimal'],
		['.day', 'inputmode', 'numeric'], ['.year', 'inputmode', 'numeric']]
	for (const [end, attribute, value] of keyboards)
		complain('not the keyboard ' + value, controls.filter(x => x.matches('input') &&
			!['radio', 'checkbox'].includes(x.type) && x.name.endsWith(end) &&
			x.getAttribute(attribute) !== value))

	complain('moves', all('body *').filter(x => {
		const c = getComputedStyle(x)
		return [c.transitionDuration, c.animationDuration].some(d =>
			d.split(',').some(s => parseFloat(s) > 0.001))
	}))

	if (innerWidth === 390) {
		const lower = (x, least) => {
			const box = x.getBoundingClientRect()
			return seen(x) && box.height > 0 && (box.height < least - 0.5 || box.width < 23.5)
		}
		complain('lower than 44 pixels', all('.ds-button, select, textarea, .ds-input').filter(x =>
			!['radio', 'checkbox'].includes(x.type) && lower(x, 44)))
		complain('smaller than 24 pixels', all('button, summary, input, nav a').filter(x =>
			lower(x, 24)))
	}
	return wrong.join('\n')
})()
